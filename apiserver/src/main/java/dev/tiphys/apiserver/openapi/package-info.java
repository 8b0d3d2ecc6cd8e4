/// The API described in OpenAPI v3, one document for each group and version: by it kubectl checks
/// what it sends, and explains fields.
package dev.tiphys.apiserver.openapi;
