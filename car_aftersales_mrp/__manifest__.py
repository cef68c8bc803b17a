{
    "name": "Car After-Sales: Kits",
    "summary": "Kits of parts on repair orders: issued by component, sold as one",
    "version": "19.0.1.0.0",
    "category": "Services/Car After-Sales",
    "author": "car_aftersales contributors",
    "license": "LGPL-3",
    "depends": ["car_aftersales", "mrp"],
    "data": ["security/ir.model.access.csv"],
    "auto_install": True,
}
