/// Plugins about Services and Ingresses.
package dev.tiphys.apiserver.admission.network;
