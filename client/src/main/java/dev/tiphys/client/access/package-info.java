/// Who asks a part for one of its pages, and whether that is allowed, by what the API server says.
package dev.tiphys.client.access;
