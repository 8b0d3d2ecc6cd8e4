-- Creates ConfigMaps of about 0.5 KB; COUNT of them, or as many as there is time for.
local count = tonumber(os.getenv("COUNT") or "0")
local sent, answered = 0, 0
local run = os.time() .. "-" .. tostring(math.random(1e9))
local headers = {["Authorization"] = "Bearer measuring", ["Content-Type"] = "application/json"}
local content = string.rep("x", 350)

request = function()
  sent = sent + 1
  return wrk.format("POST", "/api/v1/namespaces/default/configmaps", headers,
    '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c-' .. run .. "-" .. sent ..
    '"},"data":{"content":"' .. content .. '"}}')
end

response = function(status)
  answered = answered + 1
  if answered == count then wrk.thread:stop() end
end
