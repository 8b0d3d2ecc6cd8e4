package dev.tiphys.node.sync;

import dev.tiphys.client.Api;
import dev.tiphys.node.cni.PodGuard;
import dev.tiphys.node.devices.PodDevices;
import dev.tiphys.node.pod.PodEvents;
import dev.tiphys.node.probes.Handler;
import dev.tiphys.node.pull.PullSecrets;
import dev.tiphys.node.runtime.ContainerRuntime;
import dev.tiphys.node.settings.NodeSettings;
import dev.tiphys.node.spec.ContainerSpecs;
import dev.tiphys.node.spec.NameServers;
import dev.tiphys.node.spec.SandboxSpecs;
import dev.tiphys.node.volumes.PodVolumes;
import dev.tiphys.world.World;

/// What the workers of all Pods of a node share.
///
/// @param guard what stands between Pods and the network
/// @param secrets the credentials that registries are shown
/// @param handler runs hooks and probes
public record NodeContext(
    World world,
    Api api,
    ContainerRuntime runtime,
    NetworkReadiness network,
    PodGuard guard,
    NodeSettings settings,
    NameServers names,
    SandboxSpecs sandboxes,
    ContainerSpecs containers,
    PodVolumes volumes,
    PodDevices devices,
    ReferenceWatches references,
    QosCgroups cgroups,
    PullSecrets secrets,
    Handler handler,
    PodEvents events,
    PodMetrics metrics,
    Admission admission) {}
