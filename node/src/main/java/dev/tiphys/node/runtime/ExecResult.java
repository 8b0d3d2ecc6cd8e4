package dev.tiphys.node.runtime;

/// How a command in a container ended.
///
/// @param output what it wrote to its standard output; a runtime may cut it at 16 MiB
/// @param errors what it wrote to its standard error; cut likewise
@SuppressWarnings("ArrayRecordComponent") // a carrier for one call, never compared
public record ExecResult(int exitCode, byte[] output, byte[] errors) {}
