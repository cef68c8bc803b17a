{
    "name": "Car After-Sales: Satisfaction Survey",
    "summary": "The questionnaire of customer satisfaction: sent by link, filled in by "
    "phone or in an interview, printed",
    "version": "19.0.1.0.0",
    "category": "Services/Car After-Sales",
    "author": "car_aftersales contributors",
    "license": "LGPL-3",
    "depends": ["car_aftersales", "survey"],
    "data": [
        # security
        "security/ir.model.access.csv",
        "security/car_aftersales_survey_rules.xml",
        # data
        "data/survey_survey_data.xml",
        "data/mail_template_data.xml",
        # reports
        "report/car_repair_order_reports.xml",
        "report/car_repair_order_templates.xml",
        # wizards
        "wizard/car_survey_send_views.xml",
        # views
        "views/survey_user_input_views.xml",
        "views/car_repair_order_views.xml",
        "views/car_customer_file_views.xml",
        "views/res_config_settings_views.xml",
        # menus
        "views/car_aftersales_survey_menus.xml",
    ],
}
