/// Claims for devices: made from templates for Pods, and given back when no Pod uses them.
package dev.tiphys.controllers.resourceclaims;
