package dev.tiphys.monitoring.server;

import dev.tiphys.client.Api;
import dev.tiphys.client.EventRecorder;
import dev.tiphys.monitoring.selection.Objects;
import dev.tiphys.world.World;

/// What the keeping of servers needs, whatever they are.
public record ServerTools(
    World world, Api api, Objects objects, Place place, EventRecorder events) {}
