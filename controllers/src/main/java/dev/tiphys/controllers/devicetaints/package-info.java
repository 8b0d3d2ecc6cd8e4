/// Drives Pods from devices with taints that their claims do not tolerate.
package dev.tiphys.controllers.devicetaints;
