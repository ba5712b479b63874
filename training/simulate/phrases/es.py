"""Spanish phrases. ``{item}``, ``{days}`` and ``{carrier}`` are filled in."""

from typing import Final

JOIN: Final = " "
OPENINGS: Final = (
    "",
    "",
    "",
    "Hola,",
    "Buenas.",
    "Lo pedí hace {days} días.",
    "Es la primera vez que reclamo.",
    "Era un regalo.",
    "Ayuda por favor.",
    "Pedí: {item}.",
    "Qué decepción.",
)
ASKS: Final = (
    "",
    "",
    "Quiero mi dinero.",
    "Por favor devuélvanme el dinero.",
    "Mándenme otro o devuelvan el dinero.",
    "No voy a pagar la devolución.",
    "Gracias.",
    "¿Qué hago ahora?",
    "Me lo quedo si me devuelven una parte.",
)
CLAIMS: Final = {
    "not_shipped": (
        "Sigue en etiqueta creada, no se ha movido.",
        "El vendedor nunca lo envió.",
        "{days} días y {carrier} no lo ha recibido.",
    ),
    "inr_lost_in_transit": (
        "El rastreo se paró hace días.",
        "Nunca llegó, creo que está perdido.",
        "Llegó al centro y luego nada.",
    ),
    "inr_delivered_denied": (
        "Dice entregado pero aquí no hay nada.",
        "Según {carrier} lo dejaron en la puerta. No estaba.",
        "Pregunté a los vecinos y nadie lo tiene.",
        "Yo no recibí nada, estuve en casa todo el día.",
    ),
    "inr_misdelivered": (
        "La foto no es de mi casa.",
        "Esa no es mi puerta.",
        "Lo dejaron en otra dirección de mi calle.",
    ),
    "late_delivery": (
        "Llegó demasiado tarde.",
        "La fiesta fue el sábado y llegó después.",
        "Otra vez tarde, ya no lo necesito.",
    ),
    "delivery_failed_rts": (
        "Lo devolvieron y nadie tocó el timbre.",
        "Dicen que intentaron entregar. No vino nadie.",
        "Solo estuve fuera dos días.",
    ),
    "address_error": (
        "La etiqueta tiene otro número de casa.",
        "Puse bien la dirección y fue a otro lado.",
        "Creo que escribí mal la dirección, ¿se puede cambiar?",
    ),
    "damaged_item": (
        "Llegó roto.",
        "La caja venía aplastada y lo de dentro también.",
        "Está rajado por todos lados, casi no tenía relleno.",
    ),
    "box_damaged_item_ok": (
        "La caja llegó rota, el producto está bien.",
        "El empaque está arruinado y era para regalo.",
        "Venía mojada por fuera.",
    ),
    "defective": (
        "No funciona.",
        "Funcionó dos días y se murió.",
        "El cierre está roto.",
        "No carga.",
        "Se apaga solo, yo no hice nada malo.",
    ),
    "not_as_described": (
        "No es lo que dice el anuncio.",
        "En el directo dijeron seda. Esto no es seda.",
        "El color no tiene nada que ver.",
        "Decía nuevo y está usado.",
    ),
    "wrong_item": ("Me mandaron otra cosa.", "Color y talla equivocados.", "Esto no es lo que pedí."),
    "missing_item_parts": ("Falta el cargador.", "Pagué dos y vino uno.", "Faltan piezas en la caja."),
    "empty_box": ("La caja estaba vacía.", "Solo había papel.", "La cinta estaba cortada y no había nada."),
    "partial_shipment": ("Solo llegó la mitad.", "¿Y el otro paquete?", "Falta el segundo."),
    "counterfeit": ("Es falso.", "El logo está mal, es una copia.", "No huele como el original."),
    "expired_spoiled": ("Está caducado.", "Llegó caliente y huele mal.", "Llegó echado a perder."),
    "fit_style": ("No me queda.", "Seguí la tabla de tallas y es muy chico.", "El corte no es para mí."),
    "changed_mind": ("Ya no lo necesito.", "Lo encontré más barato.", "Lo pedí por error."),
    "unauthorized": ("Yo no pedí esto.", "Alguien usó mi cuenta.", "Ese cargo no es mío."),
    "not_fulfilled_replacement": (
        "Prometieron otro y no lo mandaron.",
        "Sigo esperando el reemplazo.",
        "Ni reemplazo ni respuesta.",
    ),
    "credit_not_processed": (
        "Lo devolví y no me han pagado.",
        "La devolución llegó y no hay reembolso.",
        "¿Dónde está mi dinero?",
    ),
    "return_rejected_condition": (
        "Dicen que lo usé. No es verdad.",
        "Estaba bien cuando lo mandé.",
        "La devolución no viene como se vendió.",
    ),
    "return_wrong_or_empty": (
        "Dicen que devolví otra cosa.",
        "Yo devolví el correcto.",
        "La devolución no trae lo que se vendió.",
    ),
    "return_not_received": (
        "Lo entregué y dicen que no llegó.",
        "Tengo el recibo de la tienda.",
        "La devolución nunca llegó.",
    ),
}
GREETINGS: Final = ("", "", "", "Hola,", "Buenos días,", "Estimado cliente,", "Oiga")
CLOSINGS: Final = ("", "", "", "Gracias.", "Saludos", "Por favor.", "Quedo atento.")
MESSAGES: Final = {
    "buyer_waits": ("¿Alguna novedad?", "Sigo esperando.", "¿Vieron mi mensaje?", "Ya van {days} días."),
    "buyer_admits": (
        "Lo tenía mi compañera, perdón.",
        "La verdad se me cayó.",
        "Quizás escribí mal el número.",
        "Lo pidió mi hijo.",
        "Ya vi que lo decía el anuncio.",
    ),
    "buyer_insists": (
        "Nunca dije que lo recibí.",
        "Yo no lo rompí.",
        "Ya mandé las fotos.",
        "Así venía.",
        "No estoy mintiendo.",
    ),
    "buyer_sarcastic": (
        "Genial, otro día sin respuesta.",
        "Claro, se fue caminando solo.",
        "Qué maravilla de servicio.",
    ),
    "buyer_threatens": ("Voy a llamar a mi banco.", "Voy a poner una queja.", "Lo voy a publicar."),
    "buyer_injured": ("Se hinchó y me quemó la mano.", "Se calentó tanto que mi hija tiene una ampolla."),
    "buyer_off_topic": ("¿Lo tienen en verde?", "¿Cómo cambio mi correo?", "¿Sigue la oferta?"),
    "buyer_thanks": ("Gracias por revisarlo.", "Gracias por responder rápido."),
    "seller_denies": (
        "Enviamos lo correcto.",
        "Según nuestros registros todo iba en la caja.",
        "No nos equivocamos.",
        "Fue entregado, pregunte a sus vecinos.",
        "Nunca dijimos que era seda.",
        "Salió en buen estado.",
    ),
    "seller_admits": (
        "Perdón, olvidamos ponerlo.",
        "Confundimos dos pedidos.",
        "Nos quedamos sin stock y no avisamos.",
        "Escribimos mal el número.",
        "Ese lote tiene un problema.",
        "Faltó relleno, disculpe.",
    ),
    "seller_apologises": ("Lamentamos la molestia.", "Disculpe.", "Lo sentimos mucho."),
    "seller_promises": ("Mañana enviamos lo que falta.", "Vamos a revisarlo.", "Esta semana sale uno nuevo."),
    "seller_offers": ("¿Le parece un reembolso parcial?", "Le devolvemos una parte y se lo queda."),
    "seller_asks": ("¿Puede mandar foto de la etiqueta?", "Mande un video por favor.", "¿Cuál recibió?"),
    "seller_off_topic": ("Síganos para más ofertas.", "Déjenos cinco estrellas.", "Novedades cada viernes."),
    "seller_away": ("Estamos de vacaciones, respondemos la próxima semana.", "Cerrado por feriado."),
}
