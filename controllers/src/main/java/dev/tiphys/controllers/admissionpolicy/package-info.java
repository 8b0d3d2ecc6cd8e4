/// Tells in the status of admission policies what is wrong with their expressions.
package dev.tiphys.controllers.admissionpolicy;
