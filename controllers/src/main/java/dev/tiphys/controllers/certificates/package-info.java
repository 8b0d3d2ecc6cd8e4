/// Requests for certificates: which are approved by themselves, who signs them, and when they are
/// forgotten.
package dev.tiphys.controllers.certificates;
