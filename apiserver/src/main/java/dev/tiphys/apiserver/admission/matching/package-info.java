/// Which requests webhooks and admission policies are about, and in which version they see objects.
package dev.tiphys.apiserver.admission.matching;
