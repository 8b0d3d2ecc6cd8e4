/// Deletes Pods that nobody else will.
package dev.tiphys.controllers.podgc;
