/// Plugins about certificates: which signers a user may decide for.
package dev.tiphys.apiserver.admission.certificates;
