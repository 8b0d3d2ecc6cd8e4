/// Deletes Pods that nothing else will.
package dev.tiphys.controllers.podgc;
