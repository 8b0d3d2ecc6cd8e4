/// Pods with names, numbers and claims of their own.
package dev.tiphys.controllers.statefulset;
