/// Drives Pods from nodes with taints that they do not tolerate.
package dev.tiphys.controllers.tainteviction;
