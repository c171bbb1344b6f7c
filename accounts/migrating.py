"""What our own migrations need beside Django's and pgtrigger's operations."""

from django.db.migrations.operations.base import Operation, OperationCategory
from django.db.migrations.operations.models import CreateModel


class CreateModels(Operation):
    """Create an app's models at once, and the triggers that their options name.

    Operation by operation, Django renders all models anew that reach the one it touches. With some 150 models that
    all reach each other, and 200 triggers on them, that took a minute and a half of each set-up; at once, seconds.
    """

    category = OperationCategory.ADDITION
    serialization_expand_args = ["models"]

    def __init__(self, models: list[CreateModel]) -> None:
        """`models`: each after those it refers to; the triggers of a model are in `options["triggers"]`, compiled."""
        self.models = models

    def state_forwards(self, app_label, state) -> None:
        state.__dict__.pop("apps", None)  # what is rendered: rendered again once, by whoever asks for it next
        for each in self.models:
            each.state_forwards(app_label, state)

    def database_forwards(self, app_label, schema_editor, from_state, to_state) -> None:
        for each in self.models:
            each.database_forwards(app_label, schema_editor, from_state, to_state)
        for each in self.models:
            for trigger in each.options.get("triggers", []):
                schema_editor.execute(trigger.install_sql, params=None)  # without parameters % is a sign like others

    def database_backwards(self, app_label, schema_editor, from_state, to_state) -> None:
        for each in reversed(self.models):  # a table takes its triggers along
            each.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return f"Create {len(self.models)} models with their triggers"
