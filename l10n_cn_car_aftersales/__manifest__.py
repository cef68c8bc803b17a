{
    "name": "China - Car After-Sales",
    "summary": "Law and papers of China's service departments: plates, statutory "
    "guarantee, three guarantees, settlement list, electronic repair archive",
    "version": "19.0.1.1.0",
    "category": "Services/Car After-Sales",
    "countries": ["cn"],
    "author": "car_aftersales contributors",
    "license": "LGPL-3",
    "depends": [
        "car_aftersales",
        "l10n_cn",
    ],
    "auto_install": True,
    "data": [
        # security
        "security/ir.model.access.csv",
        "security/cn_law_rules.xml",
        "security/cn_three_rules.xml",
        # data
        "data/car_cn_plate_data.xml",
        "data/car_law_guarantee_data.xml",
        "data/car_three_guarantee_data.xml",
        "data/cn_three_cron_data.xml",
        # reports
        "report/car_cn_paper_reports.xml",
        "report/car_cn_paper_templates.xml",
        "report/car_cn_certificate_templates.xml",
        "report/car_cn_settlement_templates.xml",
        "report/car_cn_inspection_templates.xml",
        "report/car_cn_contract_templates.xml",
        "report/car_three_guarantee_reports.xml",
        "report/car_three_guarantee_templates.xml",
        "report/car_three_guarantee_record_templates.xml",
        # wizards
        "wizard/car_cn_certificate_issue_views.xml",
        "wizard/car_cn_paper_void_views.xml",
        "wizard/car_vehicle_plate_change_views.xml",
        # views
        "views/res_config_settings_views.xml",
        "views/cn_law_settings_views.xml",
        "views/car_cn_plate_views.xml",
        "views/car_law_guarantee_views.xml",
        "views/car_cn_vehicle_views.xml",
        "views/car_cn_certificate_views.xml",
        "views/car_cn_settlement_views.xml",
        "views/car_cn_order_views.xml",
        "views/cn_three_settings_views.xml",
        "views/car_three_guarantee_rule_views.xml",
        "views/car_three_guarantee_entry_views.xml",
        "views/cn_three_order_views.xml",
        "views/car_repair_archive_views.xml",
        # menus, last
        "views/cn_law_menus.xml",
        "views/cn_three_menus.xml",
    ],
    "demo": [
        "demo/car_cn_demo.xml",
    ],
    "assets": {
        "web.assets_tests": [
            "l10n_cn_car_aftersales/static/tests/tours/**/*.js",
        ],
    },
    "post_init_hook": "post_init_hook",
}
