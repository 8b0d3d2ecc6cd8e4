/// Plugins that complete or restrict the specification of Pods.
package dev.tiphys.apiserver.admission.pods;
