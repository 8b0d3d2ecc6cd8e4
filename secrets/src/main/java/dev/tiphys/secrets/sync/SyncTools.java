package dev.tiphys.secrets.sync;

import dev.tiphys.client.Api;
import dev.tiphys.client.EventRecorder;
import dev.tiphys.secrets.data.Rewrites;
import dev.tiphys.secrets.generator.Generators;
import dev.tiphys.secrets.kept.KeptSecrets;
import dev.tiphys.secrets.kept.Renderer;
import dev.tiphys.secrets.metrics.SyncMetrics;
import dev.tiphys.secrets.stores.OpenStores;
import dev.tiphys.secrets.stores.Stores;
import dev.tiphys.world.World;

/// What looks at ExternalSecrets work with.
public record SyncTools(
    World world,
    Api api,
    KeptSecrets kept,
    Stores stores,
    OpenStores open,
    Generators generators,
    Rewrites rewrites,
    Renderer renderer,
    EventRecorder events,
    SyncMetrics metrics,
    LastReads reads) {}
