"""Moving the border between two enrolments takes one statement that may cross it: judged when the statement ends."""

import django.contrib.postgres.constraints
import django.db.models.constraints
from django.conf import settings
from django.db import migrations

import participants.models.enrolment


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("participants", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="enrolment",
            name="enrolment_no_overlap",
        ),
        migrations.AddConstraint(
            model_name="enrolment",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                deferrable=django.db.models.constraints.Deferrable["IMMEDIATE"],
                expressions=[("participant", "="), (participants.models.enrolment.Days("start", "end"), "&&")],
                name="enrolment_no_overlap",
                violation_error_message="The participant is already enrolled on one of these days.",
            ),
        ),
    ]
