{
    "name": "China - Car After-Sales",
    "summary": "Law and papers of China's service departments: plates, statutory "
    "guarantee, three guarantees, settlement list, electronic repair archive",
    "version": "19.0.1.0.0",
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
        # data
        # reports
        # views
        "views/res_config_settings_views.xml",
        # menus, last
    ],
    "post_init_hook": "post_init_hook",
}
