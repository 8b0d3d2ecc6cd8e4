package dev.tiphys.scheduler.plugins.devices.allocation;

import dev.tiphys.object.Quantity;
import java.util.Map;

/// A device that a request gets.
///
/// @param consumed of its capacities, if it is shared
record Pick(DeviceRequest request, Pool pool, Device device, Map<String, Quantity> consumed) {}
