-- Archived with "N": the supplier had not met the complaint and is still liable. With "S" it had: nobody is.
SELECT
    row::VARCHAR AS case_id,
    DataArquivamento::TIMESTAMP AT TIME ZONE 'America/Sao_Paulo' AS ruled_at,
    CASE Atendida WHEN 'N' THEN 'seller' WHEN 'S' THEN 'none' END AS liable
FROM 'complaints.parquet'
