/// Empties namespaces that are deleted, and keeps in every other one the objects that Pods rely on.
package dev.tiphys.controllers.namespace;
