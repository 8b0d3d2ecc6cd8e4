/// What the expressions of webhooks and admission policies may speak of, and whether they compile.
package dev.tiphys.schema.expressions;
