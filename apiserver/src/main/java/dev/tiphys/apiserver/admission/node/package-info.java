/// Plugins about nodes, and about what their agents may write.
package dev.tiphys.apiserver.admission.node;
