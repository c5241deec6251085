"""The whole story of an audit: the events of the trail in plain words, each reader seeing what they may."""
