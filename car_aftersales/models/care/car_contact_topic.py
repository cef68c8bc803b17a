from odoo import fields, models


class CarContactTopic(models.Model):
    """What a follow-up call speaks about: the seven topics of the rule book.

    售后服务管理制度: use of the car and opinion of our service, new needs, car-use
    knowledge, new services, offers and events, advice, a visit.
    """

    _name = "car.contact.topic"
    _description = "Topic of a Call"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    talk = fields.Text("Talking Points", translate=True)
