package dev.tiphys.cli.roles;

import dev.tiphys.apiserver.RuntimeConfig;
import dev.tiphys.apiserver.admission.AdmissionSettings;
import dev.tiphys.apiserver.allocation.ServiceRanges;
import dev.tiphys.client.features.FeatureGates;
import java.time.Duration;

/// What was asked for of an API server.
///
/// @param port where it listens; 0 for any that is free
/// @param eventLife how long events are kept at least
/// @param authentication how clients prove their identity
/// @param authorization how requests are authorized
/// @param encryption how objects are encrypted in the store
/// @param audit what is recorded of requests, and where
/// @param admission which admission plugins are on
/// @param services where Services get their addresses from
/// @param advises whether writers are warned of what will not do what it says
/// @param served which of the built-in resources are served
/// @param gates which features are on
public record ServerSettings(
    int port,
    Duration eventLife,
    AuthenticationChoice authentication,
    AuthorizationChoice authorization,
    EncryptionChoice encryption,
    AuditChoice audit,
    AdmissionSettings admission,
    ServiceRanges services,
    boolean advises,
    RuntimeConfig served,
    FeatureGates gates) {}
