package dev.tiphys.monitoring.alerting;

import dev.tiphys.client.Api;
import dev.tiphys.client.EventRecorder;
import dev.tiphys.monitoring.prometheus.Objects;
import dev.tiphys.monitoring.prometheus.Place;
import dev.tiphys.world.World;

/// What the keeping of Alertmanagers needs.
public record AlertmanagerTools(
    World world,
    Api api,
    Objects objects,
    AlertmanagerProgram program,
    Place place,
    EventRecorder events) {}
