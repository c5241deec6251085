"""Extension objects, bound to an application by `create_app`."""

from flask_compress import Compress
from flask_login import LoginManager
from flask_wtf import CSRFProtect

csrf = CSRFProtect()
login_manager = LoginManager()
login_manager.session_protection = None  # the session's own row decides, not the browser's address
compress = Compress()
