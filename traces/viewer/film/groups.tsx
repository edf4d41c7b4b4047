// Consumer groups: generation, members, who owns what, and what is committed.
import type { GroupScene, MemberScene, Scene } from '../../film/film.ts'
import { Sign } from '../shared/sign.tsx'
import { Facts, Value } from './facts.tsx'
import { alike, type Sides } from './layout/partitions.ts'

export function Groups({ sides, subjectName }: { readonly sides: Sides; readonly subjectName: string }) {
  const { model, subject, before } = sides
  const names = new Set([model, ...(subject === null ? [] : [subject])].flatMap(scene => scene.groups.map(nameOf)))
  if (names.size === 0) return null
  return (
    <section class="groups" aria-label="Groups">
      <h2>Groups</h2>
      {[...names].map(name => {
        const [ours, theirs] = [groupIn(model, name), subject === null ? null : groupIn(subject, name)]
        const differs = subject !== null && !alike(ours, theirs)
        const was = before === null ? null : groupIn(before, name)
        return (
          <div key={name} class={differs ? 'beside differs' : 'beside'}>
            <Group group={ours} before={was} other={differs ? theirs : ours} side={differs ? 'model' : null} />
            {differs ? <Group group={theirs} before={theirs} other={ours} side={subjectName} /> : null}
          </div>
        )
      })}
    </section>
  )
}

function Group({
  group,
  before,
  other,
  side,
}: {
  readonly group: GroupScene | null
  readonly before: GroupScene | null
  readonly other: GroupScene | null
  readonly side: string | null
}) {
  if (group === null) return <div class="group soft">{side}: no such group</div>
  const differs = (read: (group: GroupScene) => string): boolean => other === null || read(other) !== read(group)
  const show = (name: string, read: (group: GroupScene) => string) => (
    <li>
      <span class="name">{name}</span>{' '}
      <Value value={read(group)} was={before === null ? null : read(before)} differs={differs(read)} />
    </li>
  )
  const gone = (before?.members ?? []).filter(was => !group.members.some(one => one.memberId === was.memberId))
  return (
    <div class="group">
      <h3>
        {group.group}
        {side === null ? null : <em>{side}</em>}
        <ul class="facts">
          {show('state', one => one.state)}
          {show('generation', one => `${one.generationId}`)}
          {show('protocol', one => one.protocol ?? 'none')}
          {group.coordinator === null ? null : show('seen by', one => one.coordinator ?? 'nobody')}
        </ul>
      </h3>
      {group.members.length + gone.length === 0 ? (
        <p class="soft">no members</p>
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col">member</th>
              <th scope="col">client</th>
              <th scope="col">owns</th>
              <th scope="col">waits for</th>
            </tr>
          </thead>
          <tbody>
            {group.members.map(member => (
              <Member
                key={member.memberId}
                member={member}
                before={before?.members.find(one => one.memberId === member.memberId) ?? null}
                differs={
                  !alike(
                    member,
                    other?.members.find(one => one.memberId === member.memberId),
                  )
                }
              />
            ))}
            {gone.map(({ memberId, client }) => (
              <tr key={memberId} class="gone">
                <th scope="row">
                  <s>{memberId}</s> <span class="changed">removed</span>
                </th>
                <td>{client ?? '–'}</td>
                <td />
                <td />
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {group.offsets.length === 0 ? null : (
        <div class="committed">
          committed <Facts facts={group.offsets} before={before?.offsets ?? null} other={other?.offsets ?? []} />
        </div>
      )}
    </div>
  )
}

function Member({
  member,
  before,
  differs,
}: {
  readonly member: MemberScene
  readonly before: MemberScene | null
  readonly differs: boolean
}) {
  const owned = (one: MemberScene): string => (one.owns.length === 0 ? 'nothing' : one.owns.join(', '))
  const waits = (one: MemberScene): string => one.waitsFor ?? '–'
  return (
    <tr class={differs ? 'differs' : undefined}>
      <th scope="row">
        {differs ? <span class="unequal">≠ </span> : null}
        <Value value={member.memberId} was={before === null ? null : member.memberId} />
        {member.isLeader ? (
          <span class="role leader">
            {' '}
            <Sign name="star" /> leader
          </span>
        ) : null}
        {member.groupInstanceId === null ? null : <small class="soft"> instance {member.groupInstanceId}</small>}
      </th>
      <td>{member.client ?? '–'}</td>
      <td>
        <Value value={owned(member)} was={before === null ? owned(member) : owned(before)} />
      </td>
      <td>
        <Value value={waits(member)} was={before === null ? waits(member) : waits(before)} />
      </td>
    </tr>
  )
}

// One group can be seen by two coordinators, the old one and the new.
function nameOf({ group, coordinator }: GroupScene): string {
  return `${group}\n${coordinator}`
}

function groupIn(scene: Scene, name: string): GroupScene | null {
  return scene.groups.find(group => nameOf(group) === name) ?? null
}
