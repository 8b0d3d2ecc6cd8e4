/// Admission policies: expressions that refuse requests, or change objects on their way in.
package dev.tiphys.apiserver.admission.policy;
