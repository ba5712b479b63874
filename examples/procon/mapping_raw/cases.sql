-- The file as published: fields by semicolon, quotes around what holds one, no header, the word NULL for nothing.
-- Names are given to the 23 columns in order. The case id is the number of the row.
SELECT
    (row_number() OVER ())::VARCHAR AS case_id,
    DataAbertura::TIMESTAMP AT TIME ZONE 'America/Sao_Paulo' AS opened_at,
    coalesce(RadicalCNPJ, strRazaoSocial) AS seller_id,
    CNAEPrincipal AS attr_industry,
    CodigoAssunto AS attr_subject,
    Tipo AS attr_supplier_kind,
    UF AS attr_state,
    Regiao AS attr_region,
    SexoConsumidor AS audit_sex,
    FaixaEtariaConsumidor AS audit_age
FROM read_csv(
    'raw_2017_sample.csv', delim = ';', quote = '"', header = false, nullstr = 'NULL', all_varchar = true,
    names = [
        'AnoCalendario', 'DataArquivamento', 'DataAbertura', 'CodigoRegiao', 'Regiao', 'UF', 'strRazaoSocial',
        'strNomeFantasia', 'Tipo', 'NumeroCNPJ', 'RadicalCNPJ', 'RazaoSocialRFB', 'NomeFantasiaRFB', 'CNAEPrincipal',
        'DescCNAEPrincipal', 'Atendida', 'CodigoAssunto', 'DescricaoAssunto', 'CodigoProblema', 'DescricaoProblema',
        'SexoConsumidor', 'FaixaEtariaConsumidor', 'CEPConsumidor'
    ]
)
