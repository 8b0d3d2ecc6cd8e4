/// Plugins about the namespaces that objects are made in.
package dev.tiphys.apiserver.admission.namespaces;
