package dev.tiphys.scheduler.plugins.devices.allocation;

import dev.tiphys.object.Struct;

/// A node that devices are wanted on.
public record Site(String name, Struct labels) {}
