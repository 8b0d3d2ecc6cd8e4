package dev.tiphys.apiserver.endpoints;

import dev.tiphys.client.PatchType;

/// A patch that a caller sent.
///
/// @param type how it is meant
/// @param content a struct, or for [PatchType#JSON] a list of operations
/// @param force whether an applied one takes what other managers own
/// @param findings what was found in it that is told, with what is found in its result, once it is
///   applied
public record Patch(
    PatchType type, Object content, boolean force, FieldValidation.Findings findings) {}
