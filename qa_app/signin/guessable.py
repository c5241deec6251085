"""What a guesser tries first: common words, and those of councils, their roles and this system (ASVS 6.2.4, 6.2.11)."""

WORDS = frozenset(
    """
    password passwort passphrase letmein welcome login signin secret changeme default master access monkey dragon
    sunshine princess football baseball basketball cricket rugby superman batman pokemon starwars iloveyou trustno
    whatever freedom shadow ashley michael jessica charlie thomas daniel jordan hunter summer winter spring autumn
    january february march april june july august september october november december monday tuesday wednesday
    thursday friday saturday sunday hello qwerty qwertyuiop asdfgh asdfghjkl zxcvbn zxcvbnm computer internet google
    facebook microsoft windows outlook teams liverpool arsenal chelsea everton manchester united city london england
    britain correct horse battery staple thisis this that these those your mine mypassword test testing guest user
    council county borough district metropolitan unitary authority government gov children childrens child social
    worker workers socialwork care services service safeguarding protection family families support response
    fostering adoption leaver permanence case cases audit audits auditor auditors moderator moderation manager
    managers management director executive scrutiny committee administrator admin practice lead head team quality
    assurance ofsted liquidlogic mosaic eclipse review round sample grade outstanding inadequate good requires
    improvement action exemption slippage demo demonstration
    """.split()  # noqa: SIM905 - a list to read and add to
)

RUNS = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm")
"""Rows of keys and letters: three or more in a row, either way, add nothing."""
