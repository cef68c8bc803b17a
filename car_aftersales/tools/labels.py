def spell_fields(records, names):
    """Return the labels of fields as the screen shows them, in a row.

    :param records: of the model that has the fields.
    """
    labels = {
        records._fields[name]._description_string(records.env) or name
        for name in names
        if name in records._fields
    }
    return ", ".join(sorted(labels or names))
