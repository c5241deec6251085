"""What the page of comments accepts."""

from qa_app.comments.inputs import MOST_CHARACTERS
from qa_app.core.forms import Form, MaxLength, Required, TextAreaField


class CommentForm(Form):
    """One comment."""

    text = TextAreaField("Your comment", [Required("Enter your comment"), MaxLength(MOST_CHARACTERS)])
