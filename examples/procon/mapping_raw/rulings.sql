-- The same file and the same numbering of rows as in cases.sql.
SELECT
    (row_number() OVER ())::VARCHAR AS case_id,
    DataArquivamento::TIMESTAMP AT TIME ZONE 'America/Sao_Paulo' AS ruled_at,
    CASE Atendida WHEN 'N' THEN 'seller' WHEN 'S' THEN 'none' END AS liable
FROM read_csv(
    'raw_2017_sample.csv', delim = ';', quote = '"', header = false, nullstr = 'NULL', all_varchar = true,
    names = [
        'AnoCalendario', 'DataArquivamento', 'DataAbertura', 'CodigoRegiao', 'Regiao', 'UF', 'strRazaoSocial',
        'strNomeFantasia', 'Tipo', 'NumeroCNPJ', 'RadicalCNPJ', 'RazaoSocialRFB', 'NomeFantasiaRFB', 'CNAEPrincipal',
        'DescCNAEPrincipal', 'Atendida', 'CodigoAssunto', 'DescricaoAssunto', 'CodigoProblema', 'DescricaoProblema',
        'SexoConsumidor', 'FaixaEtariaConsumidor', 'CEPConsumidor'
    ]
)
