"""Spanish. ``{item}``, ``{days}``, ``{carrier}`` and ``{paid}`` are filled in."""

from typing import Final

from training.simulate.phrases.language import Claiming, Language, Writing

CLAIMING: Final = Claiming(
    openings=(
        "", "", "", "Hola,", "Buenas.", "Lo pedí hace {days} días.", "Es la primera vez que reclamo.", "Era un regalo.",
        "Ayuda por favor.", "Pedí: {item}.", "Qué decepción.", "Pagué {paid} dólares.",
        "Siempre compro aquí y nunca me quejo.",
    ),
    asks=(
        "", "", "Quiero mi dinero.", "Por favor devuélvanme el dinero.", "Mándenme otro o devuelvan el dinero.",
        "No voy a pagar la devolución.", "Gracias.", "¿Qué hago ahora?", "Me lo quedo si me devuelven una parte.",
        "Espero respuesta.",
    ),
    by_reason={
        "not_shipped": (
            "Sigue en etiqueta creada, no se ha movido.", "El vendedor nunca lo envió.",
            "{days} días y {carrier} no lo ha recibido.",
        ),
        "inr_lost_in_transit": (
            "El rastreo se paró hace días.", "Nunca llegó, creo que está perdido.", "Llegó al centro y luego nada.",
        ),
        "inr_delivered_denied": (
            "Dice entregado pero aquí no hay nada.", "Según {carrier} lo dejaron en la puerta. No estaba.",
            "Yo no recibí nada.", "La foto muestra una puerta pero no hay paquete.",
        ),
        "inr_misdelivered": (
            "La foto no es de mi casa.", "Esa no es mi puerta.", "Lo dejaron en otra dirección de mi calle.",
        ),
        "late_delivery": (
            "Llegó demasiado tarde.", "La fiesta fue el sábado y llegó después.", "Otra vez tarde, ya no lo necesito.",
        ),
        "delivery_failed_rts": (
            "Lo devolvieron y nadie tocó el timbre.", "Dicen que intentaron entregar. No vino nadie.",
            "Solo estuve fuera dos días.",
        ),
        "address_error": (
            "La etiqueta tiene otro número de casa.", "Puse bien la dirección y fue a otro lado.",
            "Creo que escribí mal la dirección, ¿se puede cambiar?",
        ),
        "damaged_item": (
            "Llegó roto.", "Está rajado por todos lados.", "Tiene un golpe grande.", "Lo abrí y estaba en pedazos.",
        ),
        "box_damaged_item_ok": (
            "La caja llegó rota, el producto está bien.", "El empaque está arruinado y era para regalo.",
            "Venía mojada por fuera.",
        ),
        "defective": (
            "No funciona.", "Funcionó un rato y ya no.", "Está defectuoso, yo no hice nada malo.",
            "Así no lo puedo usar.",
        ),
        "not_as_described": (
            "No es lo que dice el anuncio.", "El color no tiene nada que ver.", "Decía nuevo y está usado.",
            "Es mucho más chico que en el video.",
        ),
        "wrong_item": ("Me mandaron otra cosa.", "Color equivocado.", "Esto no es lo que pedí."),
        "missing_item_parts": ("Faltan piezas en la caja.", "Falta una parte."),
        "empty_box": ("La caja estaba vacía.", "Solo había papel.", "No había nada adentro."),
        "partial_shipment": ("Solo llegó la mitad.", "¿Y el otro paquete?", "Falta el segundo."),
        "counterfeit": ("Es falso.", "El logo está mal, es una copia.", "Seguro que no es original."),
        "expired_spoiled": ("Está caducado.", "Llegó caliente y huele mal.", "Llegó echado a perder."),
        "fit_style": ("No me queda.", "Seguí la tabla de tallas y es muy chico.", "El corte no es para mí."),
        "changed_mind": ("Ya no lo necesito.", "Lo encontré más barato.", "Lo pedí por error."),
        "unauthorized": ("Yo no pedí esto.", "Alguien usó mi cuenta.", "Ese cargo no es mío."),
        "not_fulfilled_replacement": (
            "Prometieron otro y no lo mandaron.", "Sigo esperando el reemplazo.", "Ni reemplazo ni respuesta.",
        ),
        "credit_not_processed": (
            "Lo devolví y no me han pagado.", "Hice la devolución y no hay reembolso.", "¿Dónde está mi dinero?",
        ),
        "return_rejected_condition": (
            "Dicen que lo usé. No es verdad.", "Estaba bien cuando lo mandé.",
            "Rechazan mi devolución por una mancha que no estaba.",
        ),
        "return_wrong_or_empty": (
            "Dicen que devolví otra cosa.", "Yo devolví el correcto.", "Yo mismo lo puse en la caja.",
        ),
        "return_not_received": (
            "Lo entregué y dicen que no llegó.", "Mi devolución aparece entregada y dicen que no.",
            "Ya lo mandé, ¿dónde está?",
        ),
    },
    of_item={
        "defective dress": ("El cierre está roto.", "El cierre se trabó y se salió."),
        "defective sneakers": ("Se despegó la suela.",),
        "defective backpack": ("El cierre está roto.",),
        "defective earbuds": ("Un lado no suena.", "No cargan."),
        "defective power bank": ("No carga.", "Se calienta y está hinchada."),
        "defective tablet": ("Se apaga sola.",),
        "defective air fryer": ("No calienta.",),
        "not_as_described dress": ("En el directo dijeron seda. Esto no es seda.", "Es poliéster, no algodón."),
        "not_as_described scarf": ("Decía seda y es satín.",),
        "not_as_described power bank": ("Decía veinte mil mAh. Imposible.",),
        "missing_item_parts tablet": ("Falta el cargador.", "No venía el cable."),
        "wrong_item dress": ("Color y talla equivocados.",),
        "wrong_item sneakers": ("Dos zapatos izquierdos.",),
        "counterfeit face serum": ("No huele como el original.",),
        "damaged_item face serum": ("El frasco se derramó.",),
        "missing_item_parts many": ("Pagué dos y vino uno.",),
        "missing_item_parts glass set": ("Eran seis en el juego y vinieron cinco.",),
        "damaged_item glass set": ("Tres vasos están rotos.",),
    },
    details={
        "never_shipped": ("La etiqueta es de hace una semana.",),
        "lost": ("{carrier} dice que no lo encuentran.", "El último escaneo es de un lugar que no conozco."),
        "stolen": (
            "Mi cámara muestra a alguien llevándose una caja.",
            "Trabajo hasta las seis y estaba ahí desde mediodía.",
            "A dos vecinos les pasó la misma semana.",
            "Pregunté a los dos vecinos y en la entrada.",
        ),
        "misdelivered": (
            "El camión paró dos puertas más allá.",
            "El tapete de la foto no es mío.",
            "Pregunté a los dos vecinos y en la entrada.",
            "Mi cámara no muestra a nadie a esa hora.",
        ),
        "seller_mislabelled": ("Vivo en el 48 y dice 84.",),
        "late_dispatch": ("Estuvo una semana con el vendedor.",),
        "late_carrier": ("Estuvo cinco días en un centro.",),
        "crushed": ("Una esquina de la caja venía hundida.", "Traía espuma y aun así."),
        "unpadded": ("Solo traía una hoja de papel.", "Sonaba antes de abrirlo.", "Por fuera la caja está bien."),
        "faulty electronics": ("Probé otro enchufe y otro cable.", "Hace un clic a los diez segundos."),
        "faulty": ("Seguí el instructivo paso a paso.", "Lo usé una sola vez."),
        "mislisted": ("La etiqueta dice otra cosa que la página.", "Tengo captura del día que pedí."),
        "spoken": ("En el minuto cuatro lo dice ella misma.",),
        "wrong_item": ("La bolsa trae otro nombre.",),
        "short": ("La bolsa interior venía cerrada.", "La nota lo dice, la caja no lo trae."),
        "pilfered": ("La cinta estaba cortada de un lado.", "En mi báscula pesa 300 gramos menos."),
        "fake": ("Los dos traen la misma serie.",),
        "spoiled": ("El hielo venía caliente.",),
        "hurt_on_return": ("Lo empaqué en la misma caja.",),
        "lost_on_return": ("Lo escanearon delante de mí.", "Guardé el recibo."),
        "tote_swapped": ("Lo echaron en un bote con otros.",),
        "tote_swapped serial": ("Anoté la serie antes de entregarlo.",),
        "account_taken": ("Me llegó un aviso de otra ciudad.",),
    },
    pressure=(
        "Conozco mis derechos.", "Por ley tienen que pagarme.", "Otras tiendas devuelven enseguida.",
        "No me pidan fotos, ya tiré todo.", "Tengo muchos seguidores.",
    ),
    by_seller={
        "return_rejected_condition": ("Volvió usado y ya no se puede vender.",),
        "return_wrong_or_empty": ("Lo que volvió no es nuestro producto.",),
        "return_wrong_or_empty serial": ("La serie no es la que enviamos y ya se reembolsó.",),
        "return_not_received": ("Ya se reembolsó y aquí no llegó nada.",),
        "credit_not_processed": ("Se reembolsó antes de que volviera.",),
    },
)  # fmt: skip
WRITING: Final = Writing(
    buyer_greets=("", "", "", "Hola,", "Buenos días,", "Oiga,", "Mire,"),
    seller_greets=("", "", "Hola,", "Estimado cliente,", "Buenos días,", "Gracias por escribir."),
    closings=("", "", "", "", "Gracias.", "Saludos", "Por favor.", "Quedo atento."),
    by_intent={
        "buyer_waits": ("¿Alguna novedad?", "Sigo esperando.", "¿Vieron mi mensaje?", "Ya van {days} días."),
        "buyer_admits": ("Perdón, fue cosa mía.", "Me equivoqué, disculpe."),
        "buyer_insists": (
            "Ya mandé las fotos.", "No estoy mintiendo.", "Eso no es verdad.", "¿Para qué lo inventaría?",
        ),
        "buyer_sarcastic": (
            "Genial, otro día sin respuesta.", "Qué maravilla de servicio.", "Perfecto, un cupón. Todo arreglado.",
        ),
        "buyer_threatens": ("Voy a llamar a mi banco.", "Voy a poner una queja.", "Lo voy a publicar."),
        "buyer_injured": ("Se hinchó y me quemó la mano.", "Se calentó tanto que mi hija tiene una ampolla."),
        "buyer_off_topic": ("¿Lo tienen en verde?", "¿Cómo cambio mi correo?", "¿Sigue la oferta?"),
        "buyer_thanks": ("Gracias por revisarlo.", "Gracias por responder rápido."),
        "seller_denies": (
            "Nunca nos había pasado.", "No es culpa nuestra.", "No nos equivocamos.",
            "Revisamos y no podemos confirmarlo.",
        ),
        "seller_admits": ("Tiene razón, fue error nuestro.", "Fue culpa nuestra."),
        "seller_apologises": ("Lamentamos la molestia.", "Disculpe.", "Lo sentimos mucho."),
        "seller_promises": ("Vamos a revisarlo.", "Esta semana sale uno nuevo.", "Mañana le damos respuesta."),
        "seller_offers": ("¿Le parece un reembolso parcial?", "Le devolvemos una parte y se lo queda."),
        "seller_asks": (
            "¿Puede mandar foto de la etiqueta?", "Mande un video por favor.",
        ),
        "seller_off_topic": ("Síganos para más ofertas.", "Déjenos cinco estrellas.", "Novedades cada viernes."),
        "seller_away": ("Estamos de vacaciones, respondemos la próxima semana.", "Cerrado por feriado."),
    },
    about={
        "buyer_admits found": (
            "Lo tenía mi compañera, perdón.", "Estaba detrás de los botes.", "El vecino lo acaba de traer.",
        ),
        "buyer_admits broke": ("La verdad se me cayó.",),
        "buyer_admits misuse": ("Creo que usé mal el enchufe.", "No leí el instructivo."),
        "buyer_admits address": ("Quizás escribí mal el número.",),
        "buyer_admits family": ("Lo pidió mi hijo.",),
        "buyer_admits told": ("Ya vi que lo decía el anuncio.",),
        "buyer_admits worn": ("Solo lo usé una vez.",),
        "buyer_insists absent": ("Nunca dije que lo recibí.", "Aquí nadie lo recibió."),
        "buyer_insists damage": ("Yo no lo rompí.", "Así venía."),
        "buyer_insists quality": ("No lo usé mal.", "Desde el primer día falló."),
        "buyer_insists contents": ("No venía adentro.",),
        "buyer_insists returns": ("Devolví lo mismo que recibí.", "No lo usé."),
        "buyer_sarcastic absent": ("Claro, se fue caminando solo.", "¿Me lo robé yo mismo?"),
        "seller_denies absent": ("Fue entregado, pregunte a sus vecinos.", "Se envió a tiempo, hable con {carrier}."),
        "seller_denies damage": ("Salió en buen estado.", "Siempre empacamos con espuma."),
        "seller_denies quality": ("Probamos cada pieza.", "Funciona si se usa como dice."),
        "seller_denies promised": ("Nunca dijimos que era seda.", "El anuncio está bien."),
        "seller_denies contents": (
            "Según nuestros registros todo iba en la caja.", "Enviamos lo correcto.", "Lo pesamos, no falta nada.",
        ),
        "seller_denies returns": ("Lo que volvió no es lo que vendimos.", "Volvió usado.", "Aquí no ha llegado nada."),
        "seller_admits late": ("Lo enviamos tarde, perdón.",),
        "seller_admits stock": ("Nos quedamos sin stock y no avisamos.",),
        "seller_admits label": ("Escribimos mal el número.",),
        "seller_admits damage": ("Faltó relleno, disculpe.",),
        "seller_admits contents": ("Perdón, olvidamos ponerlo.", "Confundimos dos pedidos."),
        "seller_admits quality": ("Ese lote tiene un problema.",),
        "seller_admits promised": ("En el directo lo dijeron mal.", "La descripción no es correcta."),
        "seller_admits returns": ("Su devolución está aquí, se nos pasó.", "Olvidamos liberar el reembolso."),
        "seller_asks absent": ("¿Puede preguntar en casa?",),
        "seller_asks contents": ("¿Cuál recibió?",),
        "seller_promises contents": ("Mañana enviamos lo que falta.",),
    },
)  # fmt: skip

SPANISH: Final = Language(join=" ", claiming=CLAIMING, writing=WRITING)
