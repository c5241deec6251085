"""Exemption requests: asked, forwarded or declined, decided (domain.md section 6)."""
