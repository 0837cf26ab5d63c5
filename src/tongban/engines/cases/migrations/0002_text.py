"""The full-text table, which is made differently on each database."""

from django.db import migrations

from tongban.core.database import TextIndex

INDEX = TextIndex("cases_text")


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]
    operations = [
        migrations.RunPython(lambda apps, editor: INDEX.create(editor), lambda apps, editor: INDEX.drop(editor)),
    ]
