/// Plugins about volumes, and about the claims for them.
package dev.tiphys.apiserver.admission.storage;
