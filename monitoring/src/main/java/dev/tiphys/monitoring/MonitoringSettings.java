package dev.tiphys.monitoring;

import dev.tiphys.monitoring.program.Programs;
import java.net.InetAddress;
import java.nio.file.Path;

/// What monitoring has of the machine that it runs on.
///
/// @param directory where it keeps its files
/// @param apiServer where the API server is: `https://host:port`
/// @param authorities what vouches for that, as PEM
/// @param listen the address of this machine that its programs are reached at
/// @param machine what this machine is called
/// @param programs where its programs are
public record MonitoringSettings(
    Path directory,
    String apiServer,
    String authorities,
    InetAddress listen,
    String machine,
    Programs programs) {}
