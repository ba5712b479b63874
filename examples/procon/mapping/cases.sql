-- One complaint is one case. The times are local, without an offset: those of Brasilia, the state agencies' common
-- clock. The problem column is left out: no row of 2018 has one, so a model would learn the year from it.
SELECT
    row::VARCHAR AS case_id,
    DataAbertura::TIMESTAMP AT TIME ZONE 'America/Sao_Paulo' AS opened_at,
    coalesce(RadicalCNPJ, strRazaoSocial) AS seller_id,
    CNAEPrincipal AS attr_industry,
    CodigoAssunto AS attr_subject,
    Tipo AS attr_supplier_kind,
    UF AS attr_state,
    Regiao AS attr_region,
    SexoConsumidor AS audit_sex,
    FaixaEtariaConsumidor AS audit_age
FROM 'complaints.parquet'
