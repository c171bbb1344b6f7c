from django.apps import AppConfig
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("accounts")

    def ready(self):
        """The framework's own sentences about what is too much or too little, on every form, say what to write."""
        MaxLengthValidator.message = _("Write at most %(limit_value)d characters. There are %(show_value)d now.")
        MinValueValidator.message = _("Give at least %(limit_value)s.")
        MaxValueValidator.message = _("Give at most %(limit_value)s.")
