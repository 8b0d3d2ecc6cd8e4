/// Evaluating the expressions of webhooks and admission policies.
package dev.tiphys.apiserver.admission.expression;
