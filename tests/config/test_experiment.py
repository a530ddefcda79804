from belle.config.experiment import Experiment


def test_every_parameter_must_stand_in_params_yaml():
    sections = [Experiment]
    while sections:
        fields = sections.pop().model_fields.values()
        assert all(field.is_required() for field in fields)
        sections += [field.annotation for field in fields if hasattr(field.annotation, "model_fields")]
