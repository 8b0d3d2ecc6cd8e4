/// Claims to devices.
package dev.tiphys.scheduler.plugins.devices;
