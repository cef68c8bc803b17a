from . import car_survey_send
