package dev.tiphys.apiserver.endpoints;

import dev.tiphys.client.PatchType;

/// A patch that a caller sent.
///
/// @param type how it is meant
/// @param content a struct, or for [PatchType#JSON] a list of operations
/// @param force whether an applied one takes what other managers own
/// @param validation what is done about fields that there are not
public record Patch(PatchType type, Object content, boolean force, FieldValidation validation) {}
